"""What goes over the wire: typed, with examples; one file a noun. Times are milliseconds since 1970, UTC."""
