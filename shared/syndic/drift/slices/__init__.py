"""Where drift or error concentrates: conditions of one or two columns, found on counts that add up."""
