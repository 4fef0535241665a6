"""What API Gateway's custom domains, and the endpoint of KMS, are in AWS: a reverse proxy that ends TLS."""
