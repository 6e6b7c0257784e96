"""A Korean article with metadata."""

PAGE = """<!doctype html><html lang="ko-KR"><head><meta charset="utf-8">\
<title>귀국 지시 | 데일리</title>
<meta property="og:title" content="귀국 지시"><meta property="og:site_name" content="Outlet-2">
<meta property="article:published_time" content="2019-06-20T23:30:00-09:00">\
<meta name="author" content="Kim Seul">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "귀국 지시",
"datePublished": "2019-06-20", "publisher": {"name": "Outlet-2"}, \
"author": [{"name": "Kim Seul"}]}]}</script></head>
<body><article><h1>귀국 지시</h1>\
<p>단둥의 노동자들에게 귀국하라는 지시가 내려졌다.</p></article></body></html>"""
