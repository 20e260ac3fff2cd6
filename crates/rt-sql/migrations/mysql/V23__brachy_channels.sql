CREATE TABLE IF NOT EXISTS BrachyChannels (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SetupNumber int NOT NULL,
    SetupType varchar(64),
    SetupAirKerma_uGy double,
    ChannelNumber int NOT NULL,
    SourceNumber int,
    Applicator varchar(64),
    Length_mm double,
    StepSize_mm double,
    Movement varchar(64),
    TotalTime_s double,
    Pulses int,
    PulseInterval_s double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
