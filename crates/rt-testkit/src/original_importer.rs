//! What the original importer makes: its tables, and a plan that it stored.
//!
//! Units: those of the original's columns. Frame: none.

/// Its table of plans.
pub const PLANS: &str = "CREATE TABLE Plans (MRN varchar(12), PlanID tinyint(4) unsigned, Birthdate date, Age tinyint(3) unsigned, \
     Sex char(1), SimStudyDate date, RadOnc varchar(50), TxSite varchar(50), RxDose float, Fractions tinyint(3) unsigned, \
     Energy varchar(30), StudyInstanceUID varchar(100), PatientOrientation varchar(3), PlanTimeStamp datetime, \
     StTimeStamp datetime, DoseTimeStamp datetime, TPSManufacturer varchar(50), TPSSoftwareName varchar(50), \
     TPSSoftwareVersion varchar(30), TxModality varchar(30), MUs int(6) unsigned, TxTime time)";
/// Its table of DVHs.
pub const DVHS: &str = "CREATE TABLE DVHs (MRN varchar(12), PlanID tinyint(4) unsigned, ROIName varchar(50), Type varchar(20), \
     Volume double, MinDose double, MeanDose double, MaxDose double, DoseBinSize float, VolumeString mediumtext)";
/// A plan of MRN abc123.
pub const OLD_PLAN: &str = "INSERT INTO Plans VALUES ('abc123', 1, '1800-01-01', 20, '-', '2016-01-02', 'R', 'Lung', 60, 30, '6MV', \
     '1.9', 'HFS', '0000-00-00', '2016-01-02 10:20:30', NULL, 'M', 'N', '1', 'Photon 3D', 250, '00:00:00')";
/// A DVH of that plan.
pub const OLD_DVH: &str =
    "INSERT INTO DVHs VALUES ('abc123', 1, 'Heart', 'ORGAN', 500.5, 0.1, 3, 20, 0.01, '500.5,500.4,0.2')";
