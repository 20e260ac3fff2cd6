//! The engine against closed forms, other programs' truth and tables, and what must hold for every ROI.

mod bands;
mod closed_forms;
mod common;
mod eclipse;
mod files;
mod models;
mod nelms;
mod oblique;
mod oracle;
mod peers;
mod properties;
mod shape;
mod unusable;
