"""The kinds of places that figures are given for."""

REGION = "region"  # its id too: there is one
PLACE_KINDS = (REGION, "district", "corridor", "pilot")
