"""The whole record of one edition as files that need neither this site nor its software: what `/data.zip` holds."""
