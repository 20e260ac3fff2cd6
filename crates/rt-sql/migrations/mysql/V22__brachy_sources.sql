CREATE TABLE IF NOT EXISTS BrachySources (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SourceNumber int NOT NULL,
    SourceType varchar(64),
    Isotope varchar(64),
    HalfLife_days double,
    StrengthUnits varchar(64),
    AirKermaRate_uGy_per_h double,
    ReferenceTime datetime,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
