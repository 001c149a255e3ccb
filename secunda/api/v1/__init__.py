"""The REST API for insurers, version 1: one noun a file."""

from secunda.api.v1 import credentials, documents, mandates, opinion, pathways, report, reviews, uploads, withdraw

ROUTERS = (
    reviews.routes,
    withdraw.routes,
    documents.routes,
    uploads.routes,
    report.routes,
    opinion.routes,
    pathways.routes,
    mandates.routes,
    credentials.routes,
)
