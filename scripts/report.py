"""processed/ → report.html and audit.html, pages to look at."""

from broadsheet.pipeline import report_corpus

if __name__ == "__main__":
    report_corpus()
