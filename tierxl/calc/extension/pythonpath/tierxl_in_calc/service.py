"""A service of LibreOffice's, with its names."""

from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo


class Service(unohelper.Base, XServiceInfo):
    """Base of the services that LibreOffice makes for a context."""

    NAME = ""
    SERVICES = ()

    def __init__(self, context: Any) -> None:
        pass

    def getImplementationName(self) -> str:
        return self.NAME

    def supportsService(self, name: str) -> bool:
        return name in self.SERVICES

    def getSupportedServiceNames(self) -> Any:
        return self.SERVICES
