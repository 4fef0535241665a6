"""What a stack starts with: trusted authorities, a demo registry, logins. Each step twice is once."""
