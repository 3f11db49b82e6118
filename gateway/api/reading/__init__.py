"""The routes that read. A party sees its own affairs; the public sees markets and headers."""
