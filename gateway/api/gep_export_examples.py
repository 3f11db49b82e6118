"""Examples of the files that an account is exported as."""

from gateway.api.gep_examples import ACCOUNT

EXPORT_PATH = "/v1/gep/accounts/{account}/export"
# Answers that are a file of one type or another, by what was asked for.
VARIED: dict[str, dict[str, str]] = {
    EXPORT_PATH: {
        "application/geo+json": '{"type": "FeatureCollection", "features": [...]}',
        "application/ld+json": f'{{"@context": {{...}}, "@id": "urn:ecorights:gep:{ACCOUNT}"}}',
        "application/zip": "PK...",
        "text/csv": "position,id,service,quantity,unit,price_yuan,value_yuan,counted\r\n",
    }
}
