"""What CloudFront, API Gateway and the endpoints of KMS and Cognito are in AWS: a reverse proxy that ends TLS."""
