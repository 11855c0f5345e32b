"""Everything on record built again from the beginning and compared."""
