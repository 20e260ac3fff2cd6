CREATE TABLE IF NOT EXISTS Recomputations (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Recomputation int NOT NULL,
    ReplacedAt_UTC datetime NOT NULL,
    EngineName varchar(64),
    EngineVersion varchar(64),
    DVHOptions mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID, Recomputation),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
