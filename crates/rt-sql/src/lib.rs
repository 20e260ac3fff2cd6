//! rt-sql
