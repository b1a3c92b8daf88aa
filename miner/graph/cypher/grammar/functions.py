"""The functions and procedures that read the graph or compute, in small letters. What is not here is refused."""

from __future__ import annotations

_AGGREGATES = "count sum avg min max collect stdev stdevp percentilecont percentiledisc"
_LISTS = "range head last tail reverse size length reduce keys labels nodes relationships any all none single"
_VALUES = """
coalesce nullif id elementid type startnode endnode properties exists isempty valuetype timestamp randomuuid
toboolean tobooleanornull tobooleanlist tointeger tointegerornull tointegerlist tofloat tofloatornull tofloatlist
tostring tostringornull tostringlist char_length character_length
"""
_NUMBERS = """
abs ceil floor isnan rand round sign e exp log log10 sqrt pi acos asin atan atan2 cos cosh cot coth degrees haversin
radians sin sinh tan tanh
"""
_TEXTS = "left right ltrim rtrim btrim trim replace reverse split substring tolower toupper lower upper normalize"
_PATHS = "shortestpath allshortestpaths"
_TIMES = "date datetime localdatetime localtime time"
_MOMENTS = (*_TIMES.split(), "duration", "point")

FUNCTIONS = frozenset(
    f"{_AGGREGATES} {_LISTS} {_VALUES} {_NUMBERS} {_TEXTS} {_PATHS}".split()
    + [f"{time}.{clock}" for time in _TIMES.split() for clock in ("transaction", "statement", "realtime", "truncate")]
    + [f"duration.{how}" for how in ("between", "inmonths", "indays", "inseconds")]
    + ["datetime.fromepoch", "datetime.fromepochmillis", "point.distance", "point.withinbbox"]
    + ["vector.similarity.cosine", "vector.similarity.euclidean"]
) | frozenset(_MOMENTS)
PROCEDURES = frozenset({"db.labels", "db.relationshiptypes", "db.propertykeys"})
