"""What CloudFront, API Gateway, KMS and Cognito are to a caller in AWS: a reverse proxy that ends TLS."""
