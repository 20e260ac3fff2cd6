CREATE TABLE IF NOT EXISTS DVHs (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    ROIName varchar(64) NOT NULL,
    Type varchar(20),
    Volume double,
    MinDose double,
    MeanDose double,
    MaxDose double,
    DoseBinSize float,
    VolumeString mediumtext,
    FOREIGN KEY (MRN, PlanID) REFERENCES Plans (MRN, PlanID),
    KEY DVHs_ROI (MRN, PlanID, ROIName)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
