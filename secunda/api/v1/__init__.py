"""The REST API for insurers, version 1: one noun a file."""

from secunda.api.v1 import (
    credentials,
    deliveries,
    documents,
    mandates,
    opinion,
    pathways,
    report,
    reviews,
    uploads,
    webhooks,
    withdraw,
)

ROUTERS = (
    reviews.routes,
    withdraw.routes,
    documents.routes,
    uploads.routes,
    report.routes,
    opinion.routes,
    pathways.routes,
    mandates.routes,
    webhooks.routes,
    deliveries.routes,
    credentials.routes,
)
