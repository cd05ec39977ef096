"""Limits of what one configuration may ask for. Above them a run takes hours or gigabytes, and its report can't be read.

Measured costs are CPU seconds on one core, in a small region; `corridors check` says which limit is exceeded.
"""

MOST_CONFIG_BYTES = 1_000_000
MOST_NESTED = 20  # tables and lists inside each other in a configuration; a whole one needs five
MOST_LETTERS = 2000  # of a text such as a source
MOST_REGION_LETTERS = 300  # of the region's name; the limit for places is layers.places.MOST_NAME_LETTERS
MOST_BUFFERS = 20
MOST_FEEDS = 200
MOST_SCENARIOS = 20
MOST_LAYERS = 200
MOST_FIELDS = 500  # of all layers together: a GeoPackage's table ends at 2,000 columns, and every centre adds two
MOST_DISTRICTS = 1000
MOST_CENTRES = 200  # 0.2 s each: two columns of the zones, a raster and a row of a picture
MOST_CENTRES_AT_SCALE = 20_000  # of a run over many regions, which has no columns for each
MOST_PARTS = 1000  # in which a nation's network is prepared; a part has 64 centres or more
MOST_CENTRE_SETS = 8  # that leave one centre out: scores of zones are held for each, and for each technical choice
MOST_EDITIONS = 5
MOST_MOVED_SITES = 300  # each moved four ways, to see what their places are worth
MOST_CORRIDORS = 100  # 1.1 s and 0.5 MB of report each: a section, a map and a chart
MOST_PILOTS = 300  # 0.2 s each
MOST_SITES = 5000  # 3,000 take 20 s
MOST_DESTINATIONS = 50  # kinds of destinations
MOST_PERIODS = 40  # 0.3 s each with 8,000 zones, and two columns of them
MOST_WAYS_BACK = 10  # times of leaving for home
MOST_OBSERVED = 100  # entries, and days: five searches each
MOST_OF_A_KIND = 50_000
MOST_VALUES = 500_000_000  # travel times held at once, four bytes each: 2 GB
MOST_ZONES_IN_PAIRS = 10_000  # whose pairs the map holds: 100 MB in memory, 29 MB of files, some 270 s of a processor
MOST_MINUTES = 1440  # a day
FIRST_YEAR, LAST_YEAR = 1970, 2099
