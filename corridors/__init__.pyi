from .config.run_config import RunConfig as RunConfig
from .config.run_config import load_config as load_config
from .demo.cached import demo_config as demo_config
from .outputs.run_folder import publish as publish
from .results import Results as Results
from .results import Tables as Tables
from .runs.loaded import load as load
from .scenarios.shown.listed import run as run
