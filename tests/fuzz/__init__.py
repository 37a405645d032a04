"""Fuzzing of the readers, guided by what of their code an input reaches; needs atheris, on Linux."""
