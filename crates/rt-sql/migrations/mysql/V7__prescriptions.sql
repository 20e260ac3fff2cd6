CREATE TABLE IF NOT EXISTS Prescriptions (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    Dose_Gy double,
    Source varchar(64) NOT NULL,
    Reference mediumtext,
    ROINumber int,
    Chosen tinyint NOT NULL,
    Settled tinyint NOT NULL,
    Conflict tinyint NOT NULL,
    Reason mediumtext,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
