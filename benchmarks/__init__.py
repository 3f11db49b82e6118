"""What the service can do on this machine: whole units of work, measured with their result."""
