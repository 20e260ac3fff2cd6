CREATE TABLE DVHs (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    ROIName varchar(64) NOT NULL CHECK (length(ROIName) <= 64),
    Type varchar(20) CHECK (length(Type) <= 20),
    Volume double,
    MinDose double,
    MeanDose double,
    MaxDose double,
    DoseBinSize float,
    VolumeString mediumtext,
    FOREIGN KEY (MRN, PlanID) REFERENCES Plans (MRN, PlanID)
);
CREATE INDEX DVHs_ROI ON DVHs (MRN, PlanID, ROIName);
