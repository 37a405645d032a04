"""Answers what the worker asks, within Calc itself, through what the extension answers with; Calc loads this file."""

import json

import unohelper
from com.sun.star.task import XJob
from tierxl_in_calc.asking import answer
from tierxl_in_calc.refused import Refused


class Answering(unohelper.Base, XJob):
    def __init__(self, context):
        pass

    def execute(self, arguments):
        """The answer about a document, in JSON; the arguments are the document and the question."""
        document, question = (argument.Value for argument in arguments)
        details = json.loads(question)
        try:
            return json.dumps({"answer": answer(document, lambda *_: None, details.pop("what"), details)})
        except Refused as error:
            return json.dumps({"refused": str(error)})


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  LibreOffice looks for this name
g_ImplementationHelper.addImplementation(Answering, "tierxl.Answering", ("com.sun.star.task.Job",))
