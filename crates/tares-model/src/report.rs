//! The JSON report, schema `tares/report/v1`. The byte-exact description is `specs/report-v1.md`.
