CREATE TABLE IF NOT EXISTS Metrics (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    ROINumber int NOT NULL,
    Number int NOT NULL,
    Metric varchar(255) NOT NULL,
    Value double,
    Unit varchar(16) NOT NULL,
    Low double,
    High double,
    Reason mediumtext,
    PRIMARY KEY (MRN, PlanID, ROINumber, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
