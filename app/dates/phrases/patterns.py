"""Numbers and units of dates, and what they say.

A line is tokens = a regular expression, read by `lexer.py`. `{names}` are parts of patterns there;
those of numbers say what the number is. `ago` and `ahead` count from the day of the article. The
longest match wins, and of equal ones the first.
"""

PATTERNS = r"""
# Decades, and weeks of a month.
 = (?:the )?{century}['’]?s{end}
 = (?:(?:20|21|二十)世[纪紀]|上(?:个|個)?世[纪紀])?{tens}年代
 = {decade}(?:년대|年代)
 = {decade}-(?:е|х|м|ми|ые|ых)(?: год(?:ы|ов|ах|ам))?{end}
part week 1 = (?:the )?first week{of}|(?:첫째|첫) ?{week_ko}|第1個?个?{week_zh}|перв{week_ru}
part week 2 = (?:the )?second week{of}|둘째 ?{week_ko}|第2個?个?{week_zh}|втор{week_ru}
part week 3 = (?:the )?third week{of}|셋째 ?{week_ko}|第3個?个?{week_zh}|трет{week_ru}
part week 4 = (?:the )?fourth week{of}|第4個?个?{week_zh}|четверт{week_ru}
part week last = (?:the )?(?:last|final) week{of}|마지막 ?{week_ko}
part week last = 最[后後][1一]?个?の?{week_zh}|последн{week_ru}

# Dates in figures: the year first, or the day first.
 = {year}-{month}(?:-{day})?(?![0-9])
 = {year} ?[./] ?{month}(?: ?[./] ?{day})?\.?(?![0-9])
 = {day}[./-]{month}[./-]{year}(?![0-9])
season 24, unit winter = (?:winter(?:| of)|зим[аойуеы]+) {years}
season 24, unit winter = {years}[년年]?[의の]? ?(?:겨울|冬季|冬天|冬)
unit fiscal year = {year}年度
 = {year}(?: ?(?:년도|년|年)|-?(?:го|м|й){end})?(?![0-9])
 = ['’]?{yy} ?[년年](?= ?[0-9]{1,2} ?[월月~〜∼-])
 = {era} ?{reign}年
 = 주체 ?{juche} ?(?:\([0-9]{4}\))? ?년?
 = {month} ?(?:월달|월|月份|月分|月)(?!曜)
 = {day} ?(?:일|日|号|號)(?!曜)
 = {day}(?:st|nd|rd|th){end}
 = {day}-?(?:го|ого|е|му){end}
part quarter 1 = 第?1{quarter}
part quarter 2 = 第?2{quarter}
part quarter 3 = 第?3{quarter}
part quarter 4 = 第?4{quarter}
 = {day}\.{month}\.{yy}(?![0-9.])
 = ['’]{yy}\.{month}(?:\.{day})?\.?(?![0-9])
 = 前{first}个?月|(?:the )?first {first_en} months

# Times of day say nothing about the date.
 = [0-9]{1,2} ?[시時时点](?: ?[0-9]{1,2} ?[분分])?(?: ?반|半)?(?: ?[경许許頃]|ごろ)?
 = [0-9]{1,2}(?::[0-9]{2})? ?(?:[ap]\.?m\.?)(?![a-z])|[0-9]{1,2}:[0-9]{2}

# Counts from the day of the article.
ago = {count} {unit_en}s? (?:ago|earlier|before)
ago = (?:{count} )?{unit_ru}(?: тому)? назад
ahead = через (?:{count} )?{unit_ru}{end}
ago = {count} ?{unit_ko}여? ?전
ahead = {count} ?{unit_ko} ?[후뒤]
ago = (?<!月){count} ?{unit_zh}{about}?[之以]?前(?![后後])
ahead = {count} ?{unit_zh}[之以]?[后後]
days -15, about = 半个月前|半個月前|半月前|half a month ago|полмесяца назад
months -6, about = half a year ago|полгода назад|반년 ?전|半年前
 = {number}(?![0-9])
to = [–—~〜∼−-]
 = [,、·.:]
"""
