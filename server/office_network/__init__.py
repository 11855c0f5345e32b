"""The product on the office network without anybody else's certificate: ``suicha phone``."""
