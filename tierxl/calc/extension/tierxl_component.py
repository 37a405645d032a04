"""Services that LibreOffice loads: the worksheet functions, and the commands behind the menu and the toolbar."""

import unohelper
from tierxl_in_calc.commands import Commands
from tierxl_in_calc.ending import end_with_the_office
from tierxl_in_calc.functions import Functions
from tierxl_in_calc.opening import Opening

g_ImplementationHelper = unohelper.ImplementationHelper()  # LibreOffice looks for this name
g_ImplementationHelper.addImplementation(Functions, "tierxl", ("tierxl", "com.sun.star.sheet.AddIn"))
g_ImplementationHelper.addImplementation(Commands, "tierxl.Commands", ("com.sun.star.frame.ProtocolHandler",))
g_ImplementationHelper.addImplementation(Opening, "tierxl.Opening", ("com.sun.star.task.Job",))

end_with_the_office()
