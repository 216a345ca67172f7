"""What has happened to figures, told to those who follow them and to those who own them."""
