//! The engine against closed forms, other programs' truth and tables, and what must hold for every ROI.

mod bands;
mod closed_forms;
mod common;
mod eclipse;
mod files;
mod nelms;
mod oracle;
mod peers;
mod properties;
