"""Everything that is made from ``templates/``: pure functions from the table and the text of the templates to text."""
