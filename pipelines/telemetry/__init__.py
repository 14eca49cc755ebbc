"""Every metric and log event, declared once."""
