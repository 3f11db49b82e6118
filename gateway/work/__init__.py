"""Long work beside the service: jobs as rows, their steps on workers, a queue that only wakes."""
