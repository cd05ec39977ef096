"""Reads zones, places, attribute layers and rasters safely, moves values between geographies, and writes layers for GIS.

`__init__.pyi` lists the public names and their modules; a module is imported when one of its names is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
