"""The Flask side of 随查: one package per subject, the same files in each (DESIGN §3).

``models.py`` tables, ``service.py`` use cases, ``api.py`` + ``schemas.py`` JSON,
``pages.py`` + ``forms.py`` HTML. A subject calls another subject's ``service``, never its tables.
Only ``app.create_app`` wires.
"""
