"""The composition root: the only place that knows every adapter. Nothing heavy is imported before it is used."""

from dermtutor.bootstrap.parts import (
    check_weights,
    open_catalogue,
    open_exchange,
    open_generator,
    open_recipe_folder,
    open_recipes,
    open_transfer,
)
from dermtutor.bootstrap.records import fill_sample_records, open_maintenance
from dermtutor.bootstrap.services import Services, build_services

__all__ = [
    "Services",
    "build_services",
    "check_weights",
    "fill_sample_records",
    "open_catalogue",
    "open_exchange",
    "open_generator",
    "open_maintenance",
    "open_recipe_folder",
    "open_recipes",
    "open_transfer",
]
