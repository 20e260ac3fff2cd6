CREATE TABLE IF NOT EXISTS FieldSources (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    PlansColumn varchar(64) NOT NULL,
    Source mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
