"""The functions of each domain, with what each may touch."""
