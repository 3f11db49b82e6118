"""Examples of reports: one question, two forms of the answer."""

REPORT_PATH = "/v1/gep/accounts/{account}/report"
HTML, PDF = "text/html", "application/pdf"
# The forms that an answer has, each with how it begins.
REPORTS: dict[str, dict[str, str]] = {
    REPORT_PATH: {HTML: "<!doctype html>...", PDF: "%PDF-1.4..."},
}
