"""The partners' policies, resources and capacity."""
