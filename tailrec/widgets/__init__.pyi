from .new_user import NewUser as NewUser
from .plugin_form import PluginForm as PluginForm
from .tail_cut import TailCut as TailCut
from .trade_off import TradeOff as TradeOff
from .weight_curve import WeightCurve as WeightCurve
