//! What is written: where it lies, what it holds, who may see it, and how others read it (dciodvfy, DCMTK, pydicom, Orthanc).

mod conformance;
mod geometry;
mod isodoses;
mod outlines;
mod peers;
mod pixels;
mod refused;
mod repeatable;
mod support;
mod words;
