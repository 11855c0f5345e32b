"""The page that shows every part of the page kit, in development only."""
