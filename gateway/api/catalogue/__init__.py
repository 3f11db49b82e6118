"""What each problem code says, in Chinese and English; one file for each package's codes."""
