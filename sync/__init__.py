"""The sync protocol of 随查, pure: standard library and ``domain`` only, no I/O, no clock.

Phone: "Here are operations 118–120 of this device; each says what it saw."
Server: "118, 119 stored and applied; 120 met a lock, it is now proposal p."
Phone: "What is new for me since 866 in inspection 42?"
Server: "Rows up to 872, and this digest of them."
Phone, later, with signal: "I have 2.8 MB with hash 9c1e…"
Server: "I know the operation that promised it; continue from byte 1,048,576."

``messages`` read what arrives, ``order`` says whose turn an operation is, ``apply`` decides what
it does, ``cursor`` cuts what a phone is told, ``upload`` follows bytes, ``chain`` proves the order
inside one phone. The host, which is ``server.fieldsync``, hands in ports and commits; README.md
shows how to write another. Import from the modules: nothing has a second name. The contract is
docs/protocol.md.
"""
