"""What API Gateway's custom domains are in AWS: a reverse proxy that ends TLS, and no more."""
