CREATE TABLE IF NOT EXISTS Findings (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    ROINumber int,
    Code char(6) NOT NULL,
    Severity varchar(8) NOT NULL,
    Text mediumtext NOT NULL,
    File mediumtext,
    SOPInstanceUID varchar(255),
    Path mediumtext,
    Tag char(11),
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
