"""What a stack starts with: authorities to trust, a demo registry, people to log in. Each step twice is once."""
