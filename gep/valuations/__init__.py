"""Projects (特定地域单元) with and without what is done on them: values, and what is paid for."""
