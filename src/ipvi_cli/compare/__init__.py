"""Several audits side by side: deliveries over time, jurisdictions among peers."""
