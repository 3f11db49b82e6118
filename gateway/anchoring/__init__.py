"""The anchors' doors: which are configured, with which files, and the way to an authority."""
